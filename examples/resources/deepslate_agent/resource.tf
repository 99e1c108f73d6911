resource "deepslate_agent" "reminder" {
  name                   = "Reminder"
  system_prompt_template = "You remind people of an appointment."

  # The values that each task of the agent has.
  user_value_types = {
    name = "STRING"
    day  = "STRING"
  }
}
