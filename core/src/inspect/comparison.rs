//! What a comparison of two tokens returns, and its text and JSON.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::text::Printable;
use crate::names::named_enum;

/// Two tokens beside each other: what the new one says otherwise than the old one, and what its
/// holder loses by that.
///
/// `Display` shows it to a person, with control characters escaped; [`Comparison::to_json`] to a
/// program. Signatures are in neither: those of two tokens always differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Comparison {
    /// What is compared, the worst impact first, and otherwise in the order of the parts and of the
    /// tokens.
    pub items: Vec<ComparedItem>,
    /// Whether all of both tokens was compared. A token that cannot be read, and one with more
    /// fields than are inspected, may say more.
    pub is_complete: bool,
}

/// One thing that two tokens say, or that one of them does not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[non_exhaustive]
pub struct ComparedItem {
    /// What kind of thing it is.
    pub part: ComparedPart,
    /// The name of the claim or field, or the code of the finding.
    pub name: String,
    /// What the old token says, or the sentence of its finding; `None` if it says nothing.
    pub old: Option<String>,
    /// The same of the new token.
    pub new: Option<String>,
    /// Which of the two say it, and whether they say the same.
    pub relation: Relation,
    /// What the difference means to the holder.
    pub impact: Impact,
    /// Why it has this impact, in one sentence for a person.
    pub message: Option<String>,
}

named_enum! {
    /// What kind of thing is compared.
    #[non_exhaustive]
    ComparedPart {
        /// What tokens of all formats say: a field of [`Claims`](crate::Claims), or what follows
        /// from it.
        Claim = "claim",
        /// Another field, as the token names it.
        Field = "field",
        /// A finding of the inspections.
        Finding = "finding",
    }
}

named_enum! {
    /// Which of two tokens say something, and whether they say the same.
    Relation {
        /// Both say the same.
        Same = "same",
        /// Each says something else.
        Differs = "differs",
        /// The old token alone says it.
        OnlyOld = "only_old",
        /// The new token alone says it.
        OnlyNew = "only_new",
    }
}

named_enum! {
    /// What a difference means to the holder of the new token, the worst first.
    #[non_exhaustive]
    Impact {
        /// The old token gives it and the new one does not: a right, data, time, a layout class, or
        /// that it is accepted.
        Lost = "lost",
        /// The new token gives more or something else.
        Changed = "changed",
        /// Two tokens always differ in it, or two of different formats or issuers do; or the new
        /// one mends what was wrong with the old one.
        Expected = "expected",
        /// There is no difference.
        None = "none",
    }
}

impl Comparison {
    /// Whether all was compared and nothing is lost or changed: the new token can replace the old
    /// one.
    #[must_use]
    pub fn is_equivalent(&self) -> bool {
        self.is_complete && self.items.iter().all(|item| item.impact >= Impact::Expected)
    }

    /// How many items have this impact.
    #[must_use]
    pub fn count(&self, impact: Impact) -> usize {
        self.items.iter().filter(|item| item.impact == impact).count()
    }

    /// The comparison as one JSON object, with `null` for `None`; `is_equivalent` is its last
    /// member.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and lists always have a JSON form")
    }
}

impl Serialize for Comparison {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Comparison", 3)?;
        object.serialize_field("items", &self.items)?;
        object.serialize_field("is_complete", &self.is_complete)?;
        object.serialize_field("is_equivalent", &self.is_equivalent())?;
        object.end()
    }
}

/// What is lost, changed and expected with both values, below what it is about; then, on one line
/// each, what is the same; and the counts. Only what begins an item begins a line.
impl fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const INDENT: &str = "          ";
        for item in &self.items {
            let name = Printable(&item.name);
            let values = [("old", &item.old), ("new", &item.new)];
            if item.impact == Impact::None {
                let value = item.old.as_deref().unwrap_or_default();
                writeln!(formatter, "{:8}  {name}: {}", Relation::Same, Printable(value))?;
                continue;
            }
            writeln!(formatter, "{:8}  {name}", item.impact)?;
            for (whose, value) in values {
                if let Some(value) = value {
                    writeln!(formatter, "{INDENT}{whose}: {}", Printable(value))?;
                }
            }
            if let Some(message) = &item.message {
                writeln!(formatter, "{INDENT}{message}")?;
            }
        }
        let [lost, changed, expected, same] =
            [Impact::Lost, Impact::Changed, Impact::Expected, Impact::None]
                .map(|impact| self.count(impact));
        let separator = if self.items.is_empty() { "" } else { "\n" };
        write!(formatter, "{separator}{lost} lost, {changed} changed, {expected} expected, ")?;
        writeln!(formatter, "{same} the same")?;
        if !self.is_complete {
            writeln!(formatter, "incomplete: not all of both tokens could be read; inspect each")?;
        }
        Ok(())
    }
}
