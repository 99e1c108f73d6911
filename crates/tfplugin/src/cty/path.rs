use std::fmt;

/// The place of a part in a value, from the outside in. An empty path is the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To an attribute of an object, or a block in a resource.
    Attribute(String),
    /// To the element of a map under this key.
    Key(String),
    /// To an element of a list, set or tuple, counted from 0.
    Index(i64),
}

impl Path {
    /// The path to an attribute of the outermost object.
    #[must_use]
    pub fn attribute(name: &str) -> Path {
        Path::default().then(name)
    }

    /// Adds one step to this path. A string is a step to an attribute.
    #[must_use]
    pub fn then(mut self, step: impl Into<Step>) -> Path {
        self.0.push(step.into());
        self
    }
}

impl From<&str> for Step {
    fn from(attribute: &str) -> Step {
        Step::Attribute(attribute.to_owned())
    }
}

/// As a user writes it in HCL: `timeouts.create`, `list[0].port`, `tags["a"]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_in_hcl() {
        assert_eq!(Path::attribute("timeouts").then("create").to_string(), "timeouts.create");
        assert_eq!(Path::attribute("list").then(Step::Index(0)).then("port").to_string(), "list[0].port");
        assert_eq!(Path::attribute("tags").then(Step::Key("a\"b".into())).to_string(), r#"tags["a\"b"]"#);
        assert_eq!(Path::default().to_string(), "");
    }
}
