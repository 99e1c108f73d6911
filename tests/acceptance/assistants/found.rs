//! Imports, data sources and queries.

use serde_json::json;
use testkit::{IDENTITY, IMPORT_BLOCKS, QUERY, for_each_cli, for_each_cli_with};

use super::{CUSTOMER, state_id};
use crate::new_workspace;

#[test]
fn an_import_plans_clean() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", CUSTOMER);
        workspace.apply();
        for kind in ["deepslate_llm_generation_strategy", "deepslate_assistant", "deepslate_agent"] {
            let address = format!("{kind}.main");
            let id = state_id(&workspace, kind);
            workspace.succeed(&["state", "rm", &address]);
            workspace.succeed(&["import", &address, &id]);
        }
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn data_sources_find_assistants_and_agents() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let data = "data \"deepslate_assistant\" \"main\" {\n  name = deepslate_assistant.main.name\n}\ndata \
                    \"deepslate_assistants\" \"main\" {\n  telephone_number_id = \
                    deepslate_assistant.main.telephone_number_id\n}\ndata \"deepslate_agent\" \"main\" {\n  id = \
                    deepslate_agent.main.id\n}\noutput \"found\" {\n  value = [data.deepslate_assistant.main.system_prompt, \
                    data.deepslate_assistants.main.assistants[0].name, \
                    data.deepslate_agent.main.user_value_types[\"age\"]]\n}\n";
        workspace.write("main", CUSTOMER.to_owned() + data);
        workspace.apply();
        let found = &workspace.read_state()["outputs"]["found"]["value"];
        assert_eq!(*found, json!(["Answer.", "hotline", "INTEGER"]));
        assert!(!workspace.succeed(&["state", "pull"]).stdout.contains("\"extension\": null"));
    });
}

#[test]
fn a_query_finds_assistants() {
    for_each_cli_with(&QUERY, |cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", CUSTOMER);
        workspace.apply();
        let id = workspace.api.assistants()[0].id.to_string();
        let list = "list \"deepslate_assistant\" \"main\" {\n  provider = deepslate\n  include_resource = true\n}\n";
        workspace.write_file("find.tfquery.hcl", list);
        workspace.succeed(&["query"]).mentions(&[&id, "hotline"]);
    });
}

#[test]
fn assistants_of_a_number_are_found_with_one_list() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let others = "resource \"deepslate_assistant\" \"other\" {\n  count = 8\n  name = \"other\"\n  system_prompt = \
                      \"p\"\n  system_prompt_greeting = \"g\"\n}\n";
        workspace.write("main", CUSTOMER.to_owned() + others);
        workspace.apply();
        let number = state_id(&workspace, "deepslate_sip_phone_number");
        let data = "data \"deepslate_assistants\" \"main\" {\n  telephone_number_id = \"NUMBER\"\n}\noutput \"names\" {\n  \
                    value = data.deepslate_assistants.main.assistants[*].name\n}\n";
        workspace.write("data", data.replace("NUMBER", &number));
        workspace.api.clear_requests();
        workspace.succeed(&["plan", "-refresh=false"]).mentions(&["hotline"]);
        let requests = workspace.received("GET");
        let (lists, objects): (Vec<_>, Vec<_>) =
            requests.iter().partition(|request| request.path.ends_with("/assistants"));
        // Items of the list are summaries, so the assistant is read too.
        assert_eq!((lists.len(), objects.len()), (1, 1), "{requests:?}");
        assert!(lists[0].query.contains(&format!("phoneNumberId={number}")), "{requests:?}");
    });
}

#[test]
fn an_import_block_names_each_kind_by_its_id_or_identity() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", CUSTOMER);
        workspace.apply();
        let by = if cli.has(&IDENTITY) { "identity" } else { "id" };
        let kinds = ["deepslate_llm_generation_strategy", "deepslate_assistant", "deepslate_agent"];
        let ids = kinds.map(|kind| state_id(&workspace, kind));
        // Without `provider`, Terraform 1.16 and later cannot write the configuration. If it exists, no version accepts `provider`.
        let import = |number: usize, provider: &str| {
            let (kind, id) = (kinds[number], &ids[number]);
            let named = if by == "id" { format!("{id:?}") } else { format!("{{ id = {id:?} }}") };
            let block = format!("import {{\n{provider}  to = {kind}.main\n  {by} = {named}\n}}\n");
            workspace.write(&format!("import_{kind}"), block);
        };
        for (number, kind) in kinds.iter().enumerate() {
            workspace.succeed(&["state", "rm", &format!("{kind}.main")]);
            import(number, "");
        }
        assert_eq!(workspace.plan(&[]), ["main: import no-op"; 3]);
        // Without a resource, the CLI writes its configuration.
        let (before, rest) = CUSTOMER.split_once("resource \"deepslate_llm").expect("a strategy");
        let (_, rest) = rest.split_once("\n}\n").expect("its end");
        let rest = rest.replace("  llm_generation_strategy_id = deepslate_llm_generation_strategy.main.id\n", "");
        workspace.write("main", format!("{before}{rest}"));
        import(0, "  provider = deepslate\n");
        assert_eq!(
            workspace.plan(&["-generate-config-out=generated.tf"]),
            ["main: import no-op", "main: import no-op", "main: import update extension llm_generation_strategy_id"]
        );
        // It never writes sensitive values.
        workspace.write("main", before);
        import(0, "");
        import(1, "  provider = deepslate\n");
        import(2, "  provider = deepslate\n");
        let failed = workspace.fail(&["plan", "-generate-config-out=again.tf"]);
        failed.mentions(&["Missing value for `extension[0].parameters`"]);
    });
}
