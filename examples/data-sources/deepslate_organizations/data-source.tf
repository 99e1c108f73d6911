# Those with the text in their company name, in upper or lower case; without a filter, all of the vendor.
data "deepslate_organizations" "acme" {
  company_name_contains = "acme"
}

output "acme_ids" {
  value = { for found in data.deepslate_organizations.acme.organizations : found.company_name => found.id }
}
