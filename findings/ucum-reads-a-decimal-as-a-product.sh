#!/bin/sh
# Guess: org.fhir's UCUM library (in HAPI FHIR's validator) refuses `mg/(2.5.mL)`, since UCUM has no decimals.
# What happens: it is valid, and 2.5 is 2 times 5: the unit means mg in 10 mL. HAPI 8.8.0's validator reports nothing.
# Why it matters: a strength of 5 mg in 2.5 mL, written so, is read as a quarter of it. Refuse two numbers in a row, or reckon: 2 mg/mL.
#
# org.fhir:ucum 1.0.9. Needs Maven, a JDK 17 and Maven Central.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mvn -q -B dependency:copy -Dartifact=org.fhir:ucum:1.0.9 -DoutputDirectory=. > /dev/null
cat > Ucum.java <<'JAVA'
import org.fhir.ucum.Decimal;
import org.fhir.ucum.UcumEssenceService;

class Ucum {
    public static void main(String[] none) throws Exception {
        var ucum = new UcumEssenceService(Ucum.class.getResourceAsStream("/ucum-essence.xml"));
        System.out.println("complaint about mg/(2.5.mL): " + ucum.validate("mg/(2.5.mL)"));
        System.out.println("1 mg/(2.5.mL) in mg/mL: " + ucum.convert(new Decimal("1"), "mg/(2.5.mL)", "mg/mL"));
    }
}
JAVA
java -cp "$(ls ./*.jar | tr '\n' ':')" Ucum.java
