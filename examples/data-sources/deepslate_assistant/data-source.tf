# By its id, or as here by its name: exactly one has to match.
data "deepslate_assistant" "hotline" {
  name = "Hotline"
}

output "hotline_id" {
  value = data.deepslate_assistant.hotline.id
}
