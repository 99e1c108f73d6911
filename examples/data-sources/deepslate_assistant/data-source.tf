# Finds an assistant by `id`, or by its name as here. Exactly one must match.
data "deepslate_assistant" "hotline" {
  name = "Hotline"
}

output "hotline_id" {
  value = data.deepslate_assistant.hotline.id
}
