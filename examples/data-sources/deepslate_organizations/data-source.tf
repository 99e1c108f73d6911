# Lists the organizations whose company name contains the text, in upper or lower case. Without a filter, lists all of the vendor.
data "deepslate_organizations" "acme" {
  company_name_contains = "acme"
}

output "acme_ids" {
  value = { for found in data.deepslate_organizations.acme.organizations : found.company_name => found.id }
}
