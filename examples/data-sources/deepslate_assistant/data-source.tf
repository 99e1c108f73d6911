# By `id`, or by `name` as here. Exactly one assistant must match.
data "deepslate_assistant" "hotline" {
  name = "Hotline"
}

output "hotline_id" {
  value = data.deepslate_assistant.hotline.id
}
