# The organizations with this text in their company name; case is ignored. Without a filter, all of the vendor.
data "deepslate_organizations" "acme" {
  company_name_contains = "acme"
}

output "acme_ids" {
  value = { for found in data.deepslate_organizations.acme.organizations : found.company_name => found.id }
}
