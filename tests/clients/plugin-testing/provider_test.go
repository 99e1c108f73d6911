// Package plugin_testing runs the provider with HashiCorp's terraform-plugin-testing, as an external provider, against the local API.
package plugin_testing

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

const (
	credentials = "deepslate_sip_credentials.test"
	number      = "deepslate_sip_phone_number.test"
)

var external = map[string]resource.ExternalProvider{"deepslate": {Source: "deepslate-labs/deepslate"}}

func config(hostname string, port int, password string) string {
	return fmt.Sprintf(`
resource "deepslate_sip_credentials" "test" {
  hostname = %q
  port     = %d
  username = "agent"
  %s
}

resource "deepslate_sip_phone_number" "test" {
  sip_credentials_id = deepslate_sip_credentials.test.id
  phone_number       = "+49301234567"
}
`, hostname, port, password)
}

const password = `password = "correct horse battery staple"`

func planned(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// importID returns the ID of an object as `terraform import` expects it.
func importID(address string, parents ...string) resource.ImportStateIdFunc {
	return func(state *terraform.State) (string, error) {
		attributes := state.RootModule().Resources[address].Primary.Attributes
		id := attributes["vendor_id"] + "/" + attributes["organization_id"]
		for _, parent := range parents {
			id += "/" + attributes[parent]
		}
		return id + "/" + attributes["id"], nil
	}
}

func TestLifecycle(t *testing.T) {
	same := statecheck.CompareValue(compare.ValuesSame())
	resource.Test(t, resource.TestCase{
		ExternalProviders: external,
		Steps: []resource.TestStep{
			{
				Config:           config("sip.example.com", 5060, password),
				ConfigPlanChecks: planned(credentials, plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(credentials, tfjsonpath.New("port"), knownvalue.Int64Exact(5060)),
					statecheck.ExpectSensitiveValue(credentials, tfjsonpath.New("password")),
					statecheck.ExpectKnownValue(number, tfjsonpath.New("phone_number"), knownvalue.StringExact("+49301234567")),
					same.AddStateValue(credentials, tfjsonpath.New("id")),
				},
			},
			{
				ResourceName:            credentials,
				ImportState:             true,
				ImportStateIdFunc:       importID(credentials),
				ImportStateVerify:       true,
				ImportStateVerifyIgnore: []string{"password"},
			},
			{
				ResourceName:      number,
				ImportState:       true,
				ImportStateIdFunc: importID(number, "sip_credentials_id"),
				ImportStateVerify: true,
			},
			{
				Config:           config("sip.example.com", 5061, password),
				ConfigPlanChecks: planned(credentials, plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(credentials, tfjsonpath.New("port"), knownvalue.Int64Exact(5061)),
					same.AddStateValue(credentials, tfjsonpath.New("id")),
				},
			},
			{
				Config:             config("sip.example.com", 5062, password),
				PlanOnly:           true,
				ExpectNonEmptyPlan: true,
			},
			{
				Config: config("sip.example.com", 5061, password),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
			},
		},
	})
}

func TestTaintedObjectIsReplaced(t *testing.T) {
	resource.Test(t, resource.TestCase{
		ExternalProviders: external,
		Steps: []resource.TestStep{
			{Config: config("sip.example.com", 5060, password)},
			{
				Taint:            []string{number},
				Config:           config("sip.example.com", 5060, password),
				ConfigPlanChecks: planned(number, plancheck.ResourceActionDestroyBeforeCreate),
			},
		},
	})
}

func TestWriteOnlyPassword(t *testing.T) {
	writeOnly := func(version int) string {
		return fmt.Sprintf("password_wo = \"correct horse %d\"\n  password_wo_version = %d", version, version)
	}
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)},
		ExternalProviders:      external,
		Steps: []resource.TestStep{
			{
				Config: config("sip.example.com", 5060, writeOnly(1)),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(credentials, tfjsonpath.New("password_wo"), knownvalue.Null()),
				},
			},
			{
				Config:           config("sip.example.com", 5060, writeOnly(2)),
				ConfigPlanChecks: planned(credentials, plancheck.ResourceActionUpdate),
			},
		},
	})
}

func TestIdentity(t *testing.T) {
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ExternalProviders:      external,
		Steps: []resource.TestStep{
			{
				Config: config("sip.example.com", 5060, password),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentityValueMatchesState(credentials, tfjsonpath.New("id")),
					statecheck.ExpectIdentityValueMatchesState(credentials, tfjsonpath.New("vendor_id")),
				},
			},
			{
				ResourceName:    number,
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithResourceIdentity,
			},
		},
	})
}
