//! Names in Rust and in JavaScript.

/// `external_billing_id` as JavaScript spells it: `externalBillingId`.
pub fn camel(snake: &str) -> String {
    let mut text = String::with_capacity(snake.len());
    let mut upper = false;
    for letter in snake.chars() {
        match letter {
            '_' => upper = true,
            _ if upper => {
                text.push(letter.to_ascii_uppercase());
                upper = false;
            }
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::camel;

    #[test]
    fn names_are_spelled_the_javascript_way() {
        assert_eq!(camel("close_records"), "closeRecords");
        assert_eq!(camel("get"), "get");
        assert_eq!(camel("external_billing_id"), "externalBillingId");
    }
}
