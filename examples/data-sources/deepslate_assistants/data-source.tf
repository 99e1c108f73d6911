# The assistants of the organization that answer calls to a phone number. Without a filter, all of the organization.
data "deepslate_assistants" "example" {
  telephone_number_id = "5c1e7f0a-93d2-4f6b-8a41-2be0c7d95e36"
}

output "assistants" {
  value = { for found in data.deepslate_assistants.example.assistants : found.id => found.name }
}
