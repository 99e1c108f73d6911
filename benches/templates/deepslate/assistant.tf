resource "deepslate_assistant" "main" {
  count                  = {{count}}
  organization_id        = format("22222222-2222-4222-8222-%012d", count.index % {{organizations}})
  name                   = "hotline-${count.index}"
  system_prompt          = "You answer the calls of the customers of Acme."
  system_prompt_greeting = "Say hello."
}
