data "deepslate_agent" "reminder" {
  id = "4a8e2c70-1d5f-4b39-8e67-c2f0a9b3d584"
}

output "value_types" {
  value = data.deepslate_agent.reminder.user_value_types
}
