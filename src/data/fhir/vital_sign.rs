//! Which tests are vital signs.

/// Names in small letters.
const NAMES: [&str; 40] = [
    "bp",
    "blood pressure",
    "sbp",
    "dbp",
    "systolic blood pressure",
    "diastolic blood pressure",
    "nibp",
    "hr",
    "heart rate",
    "pulse",
    "pulse rate",
    "rr",
    "resp",
    "resps",
    "resp rate",
    "respirations",
    "respiratory rate",
    "respiration rate",
    "temp",
    "temps",
    "temperature",
    "body temperature",
    "tmax",
    "spo2",
    "sao2",
    "o2 sat",
    "o2 sats",
    "o2 saturation",
    "oxygen saturation",
    "sat",
    "sats",
    "pulse ox",
    "wt",
    "weight",
    "body weight",
    "ht",
    "height",
    "bmi",
    "body mass index",
    "head circumference",
];

/// LOINC's codes for the two numbers of a blood pressure.
pub(super) const PRESSURES: [(&str, &str); 2] =
    [("8480-6", "Systolic blood pressure"), ("8462-4", "Diastolic blood pressure")];

/// Whether a test is a vital sign, by its name.
pub(super) fn is_vital_sign(name: &str) -> bool {
    let name = name.to_lowercase();
    NAMES.contains(&name.trim_end_matches([':', '.']).trim())
}
