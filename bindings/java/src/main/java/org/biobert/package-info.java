/**
 * What clinical notes say, and entities, relations, answers, classes and embeddings from biomedical and clinical text.
 *
 * <pre>{@code
 * try (Engine engine = Engine.create(); Model model = engine.open(Path.of("models/bio-minilm"))) {
 *     for (Entity e : model.extract(note).entities()) {
 *         System.out.println(e.assertion().orElseThrow().value() + ": " + note.substring(e.start(), e.end()));
 *     }
 * }
 * }</pre>
 *
 * <p>Nulls are refused with {@link java.lang.NullPointerException}, options out of range with {@link
 * java.lang.IllegalArgumentException}, closed objects with {@link java.lang.IllegalStateException}; all
 * else that can go wrong is a {@link org.biobert.BiobertException}. No message has a word of a document.
 */
package org.biobert;
