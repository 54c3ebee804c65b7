package org.biobert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Numbers of the header that Java repeats. */
class StatusTest {
    private static final Pattern DEFINE = Pattern.compile("#define BIOBERT_(\\w+) (\\d+)");

    private static Map<String, Integer> header() throws Exception {
        Map<String, Integer> numbers = new TreeMap<>();
        Matcher define = DEFINE.matcher(Files.readString(Fixtures.ROOT.resolve("include/biobert.h")));
        while (define.find()) {
            numbers.put(define.group(1), Integer.parseInt(define.group(2)));
        }
        return numbers;
    }

    @Test
    void everyStatusHasTheNumberAndTheNameOfTheHeader() throws Exception {
        Map<String, Integer> header = header();
        header.keySet().removeIf(name -> !name.equals("OK") && !name.startsWith("E_"));
        Map<String, Integer> own = new TreeMap<>();
        for (Status status : Status.values()) {
            if (status != Status.UNKNOWN) {
                own.put(status.toString().replace("BIOBERT_", ""), status.code());
                assertEquals(status, Status.of(status.code()));
            }
        }
        assertEquals(header, own);
        assertEquals(Status.UNKNOWN, Status.of(99));
    }

    @Test
    void constantsStandInTheOrderOfTheHeader() throws Exception {
        Map<String, Integer> header = header();
        check(header, "INTEGRITY_", ModelOptions.Integrity.values());
        check(header, "LOADING_", ModelOptions.Loading.values());
        check(header, "PRECISION_", ModelOptions.Precision.values());
        check(header, "CASING_", ModelOptions.Casing.values());
        check(header, "INVALID_", RunOptions.InvalidText.values());
        check(header, "MARKUP_", RunOptions.Markup.values());
        check(header, "DEVICE_", EngineOptions.Device.values());
        check(header, "POOLING_", EmbedOptions.Pooling.values());
        check(header, "JUDGES_", ExtractOptions.Judges.values());
        check(header, "ASSERTION_", Assertion.Value.values());
        check(header, "CATEGORY_", Assertion.Category.values());
        check(header, "ATTRIBUTE_", Attribute.Kind.values());
        check(header, "", RunOptions.Unit.values());
        check(header, "TASK_", Task.values());
        check(header, "SPLIT_", Split.values());
        check(header, "PRESET_", TrainerOptions.Preset.values());
        check(header, "HEAD_", TrainerOptions.HeadKind.values());
        check(header, "PHASE_", Progress.Phase.values());
    }

    @Test
    void placesHaveTheNumbersOfTheHeader() throws Exception {
        Map<String, Integer> header = header();
        for (RanOn ranOn : RanOn.values()) {
            assertEquals(header.get("DEVICE_" + ranOn.name()), ranOn.number, ranOn.name());
            assertEquals(ranOn, RanOn.of(ranOn.number));
        }
    }

    private static void check(Map<String, Integer> header, String prefix, Enum<?>[] constants) {
        for (Enum<?> constant : constants) {
            assertEquals(header.get(prefix + constant.name()), constant.ordinal() + 1, constant.name());
        }
    }

    @Test
    void theHandshakeIsTheVersionOfThePom() throws Exception {
        Matcher version = Pattern.compile("<artifactId>biobert</artifactId>\\s*<version>(.*?)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertTrue(version.find());
        assertTrue(Native.HANDSHAKE.startsWith(version.group(1) + "/"), Native.HANDSHAKE);
    }
}
