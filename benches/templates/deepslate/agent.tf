resource "deepslate_agent" "main" {
  count                  = {{count}}
  organization_id        = format("22222222-2222-4222-8222-%012d", count.index % {{organizations}})
  name                   = "caller-${count.index}"
  system_prompt_template = "You call {{name}} about the order."
  user_value_types       = { name = "STRING" }
}
