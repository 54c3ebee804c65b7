package org.biobert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests that share an engine and the default model, and leave nothing of them alive. */
abstract class WithModel {
    static Engine engine;
    static Model model;

    @BeforeAll
    static void open() {
        engine = Engine.create();
        model = engine.open(Fixtures.MODEL);
    }

    @AfterAll
    static void close() {
        model.close();
        // Trainers and models with heads share the encoder: one that is left would keep it.
        assertEquals(0, Fixtures.live(engine, "models"));
        assertEquals(0, Fixtures.live(engine, "results"));
        engine.close();
    }
}
