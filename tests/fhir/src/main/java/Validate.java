import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

/** Validates files of bundles, one a line, against FHIR R4 and prints what is wrong by kind, errors first. */
public class Validate {
    public static void main(String[] files) throws Exception {
        FhirContext context = FhirContext.forR4();
        // SNOMED CT, RxNorm and their like are not here: their codes are warnings, not errors.
        UnknownCodeSystemWarningValidationSupport unknown =
                new UnknownCodeSystemWarningValidationSupport(context);
        ValidationSupportChain chain = new ValidationSupportChain(
                new DefaultProfileValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                unknown);
        FhirValidator validator = context.newValidator();
        validator.registerValidatorModule(new FhirInstanceValidator(chain));

        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Integer> kinds = new TreeMap<>();
        int bundles = 0;
        for (String file : files) {
            for (String line : Files.readAllLines(Path.of(file))) {
                if (line.isBlank()) continue;
                bundles++;
                for (SingleValidationMessage m : validator.validateWithResult(line).getMessages()) {
                    String severity = m.getSeverity().toString();
                    counts.merge(severity, 1, Integer::sum);
                    // The same message in other places is one kind.
                    String kind = severity + " " + m.getLocationString().replaceAll("\\[\\d+\\]|/\\*[^*]*\\*/", "")
                            + ": " + m.getMessage().replaceAll("[0-9a-f-]{36}", "…").replaceAll("\\{[^}]*\\}", "{…}");
                    kinds.merge(kind.length() > 400 ? kind.substring(0, 400) : kind, 1, Integer::sum);
                }
            }
        }
        kinds.forEach((kind, n) -> System.out.println(n + " × " + kind));
        int errors = counts.getOrDefault("ERROR", 0) + counts.getOrDefault("FATAL", 0);
        System.out.println(bundles + " bundles: " + errors + " errors, " + counts.getOrDefault("WARNING", 0)
                + " warnings, " + counts.getOrDefault("INFORMATION", 0) + " notes");
        System.exit(errors == 0 && bundles > 0 ? 0 : 1);
    }
}
