# By the company's exact name, or by `id`. Exactly one has to match.
data "deepslate_organization" "acme" {
  company_name = "Acme"
}

output "acme_id" {
  value = data.deepslate_organization.acme.id
}
