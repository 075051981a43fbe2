use super::*;

#[test]
fn every_path_has_a_place_for_every_segment() {
    for resource in ALL.iter().chain([&GENERIC]) {
        for endpoint in resource.endpoints {
            let places = endpoint.path.matches("{}").count();
            assert_eq!(places, endpoint.ids.len(), "{}.{}", resource.class, endpoint.name);
            let rest = match endpoint.encoding {
                BodyEncoding::Empty => 0,
                BodyEncoding::Fields(keys) | BodyEncoding::File(keys) => keys.len(),
                BodyEncoding::Value
                | BodyEncoding::ValueOrField(_)
                | BodyEncoding::Records
                | BodyEncoding::Query => 1,
            };
            assert_eq!(
                rest,
                endpoint.arguments.len(),
                "{}.{}",
                resource.class,
                endpoint.name
            );
        }
    }
}

#[test]
fn a_string_is_no_file() {
    let files = crate::usage_files!(table);
    let upload = files.endpoint("upload").unwrap();
    for text in [
        "/tmp/a.xlsx",
        "january.xlsx",
        "C:\\a",
        "../a",
        "a b",
        "id,amount\n1,2",
    ] {
        let failure = upload.check_file(text).unwrap_err();
        assert!(
            failure.message.starts_with("upload: `usageFile` must be"),
            "{failure}"
        );
        assert_eq!(
            failure.message.contains("{ path: '/path.xlsx' }"),
            text.contains('\n'),
            "{failure}"
        );
    }
    // The original's specs send these; and a note is no file.
    assert_eq!(upload.check_file("usageFile"), Ok(()));
    assert_eq!(files.endpoint("reject").unwrap().check_file("a/b.xlsx"), Ok(()));
    // This one is not the original's.
    let reconciliations = crate::usage_reconciliations!(table);
    let create = reconciliations.endpoint("create_from_file").unwrap();
    let failure = create.check_file("word").unwrap_err();
    assert!(
        failure.message.starts_with("create: `reconFile` must be"),
        "{failure}"
    );
}

#[test]
fn a_second_form_is_one_of_a_method_that_there_is() {
    for resource in ALL.iter().chain([&GENERIC]) {
        for endpoint in resource.endpoints.iter().filter(|one| !one.form_of.is_empty()) {
            let method = resource.endpoint(endpoint.form_of);
            assert!(method.is_some(), "{}.{}", resource.class, endpoint.name);
            assert!(endpoint.is_internal(), "{}.{}", resource.class, endpoint.name);
        }
    }
}

#[test]
fn a_missing_id_is_named() {
    let records = crate::usage_records!(table);
    let failure = records.endpoints[0].path_for("/usage/records", &[]).unwrap_err();
    assert!(failure.message.starts_with("close: `id` must be"), "{failure}");
}

#[test]
fn every_child_is_a_resource_without_a_path_of_its_own() {
    for resource in ALL {
        for child in resource.children {
            let class = ALL.iter().find(|other| other.class == child.class);
            assert_eq!(
                class.map(|class| class.path),
                Some(""),
                "{}.{}",
                resource.class,
                child.name
            );
            assert_eq!(child.path.matches("{}").count(), 1, "{}", child.name);
        }
    }
}

#[test]
fn a_child_is_found_below_its_object() {
    let users = crate::accounts!(table).children[0];
    let path = users.path_for("/accounts", &Id::Text("VA 1".into()));
    assert_eq!(path.unwrap(), "/accounts/VA%201/users");
    let failure = users
        .path_for("/accounts", &Id::Unusable("undefined"))
        .unwrap_err();
    assert!(failure.message.starts_with("users: `id` must be"), "{failure}");
}
