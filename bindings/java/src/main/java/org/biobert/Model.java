package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * A model: tokenizer, encoder, heads. Immutable: any number of threads may run on one model at the same
 * time. {@link Engine#open} gives one.
 *
 * <p>Each task takes one document, and throws if it is bad, or a list of them: one pass through the model
 * for many documents. A bad document of a list has its own {@link DocumentResult#status} and does not
 * fail the others. A call as a whole fails with a {@link BiobertException} if a head is not there, an
 * entity has an impossible place, the inputs are too large together, or it was cancelled or ran past its
 * deadline; with an {@link IllegalStateException} if the model is closed.
 *
 * <p>Close it, or use try-with-resources: the garbage collector does not see how much native memory it
 * has. Closing waits for the calls that run on it. Results stay.
 */
public final class Model implements AutoCloseable {
    private final NativeHandle handle;

    Model(NativeHandle handle) {
        this.handle = handle;
    }

    /**
     * Describes the model: format, path taken, precision, instruction set, heads,
     * limits, source, notes.
     *
     * @return JSON
     */
    public String infoJson() {
        return new String(handle.use(Native::modelInfo), UTF_8);
    }

    /**
     * What stands for a missing word in the texts of {@link #fill(String)}.
     *
     * @return such as {@code [MASK]}; empty if the model cannot fill it
     */
    public Optional<String> maskToken() {
        String token = new String(handle.use(Native::modelMaskToken), UTF_8);
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    /**
     * The names of its heads.
     *
     * @return an unmodifiable list
     */
    public List<String> heads() {
        return Decoder.names(handle.use(Native::modelHeads));
    }

    /**
     * The labels of a head.
     *
     * @param head its name
     * @return an unmodifiable list
     * @throws BiobertException if there is no such head
     */
    public List<String> labels(String head) {
        byte[] name = Text.utf8(head, "head");
        return Decoder.names(handle.use(model -> Native.modelLabels(model, name)));
    }

    /**
     * Runs the self-check of a bundle. It does not judge what it finds: look at {@code changed},
     * of which {@code biobert verify} allows a tenth of {@code decisions}, and at the drifts, null where
     * something is no number. The files were checked when the model was opened.
     *
     * @return JSON: {@code {"sequences","state_drift","logit_drift","decisions","changed"}}
     * @throws BiobertException if the model is no bundle and has no check
     */
    public String verify() {
        return new String(handle.use(Native::modelVerify), UTF_8);
    }

    /**
     * Makes a model with one more head, called by its own name. See the form with a name.
     *
     * @param head the head
     * @return a model to close; this one stays as it is
     * @throws BiobertException if it is for another encoder, or the name is taken
     */
    public Model withHead(Head head) {
        return new Model(handle.use(model -> head.addTo(model, null)));
    }

    /**
     * Makes a model with one more head. Encoder and tokenizer are shared, so that this takes little time
     * and memory; calls that run on this model are not touched, and it may be closed before the other.
     *
     * @param head the head
     * @param name what it is called in the new model
     * @return a model to close; this one stays as it is
     * @throws BiobertException if it is for another encoder, or the name is taken or cannot be one
     */
    public Model withHead(Head head, String name) {
        byte[] called = Text.utf8(name, "name");
        return new Model(handle.use(model -> head.addTo(model, called)));
    }

    NativeHandle handle() {
        return handle;
    }

    /**
     * Finds all that a note says: sections, entities with their assertions, long forms and attributes, relations.
     *
     * @param document the note
     * @return the result, with {@link DocumentResult#entities}, {@link DocumentResult#sections} and {@link
     *     DocumentResult#relations}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult extract(String document) {
        return extract(document, ExtractOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Finds all that a note says: sections, entities with their assertions, long forms and attributes, relations.
     *
     * @param document the note
     * @param extract who judges assertions, and terminologies
     * @param options heads, unit of offsets and so on
     * @return the result, with {@link DocumentResult#entities}, {@link DocumentResult#sections} and {@link
     *     DocumentResult#relations}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult extract(String document, ExtractOptions extract, RunOptions options) {
        return extract(List.of(document), extract, options).get(0).checked();
    }

    /**
     * Finds all that notes say: sections, entities with their assertions, long forms and attributes, relations.
     *
     * @param documents the notes
     * @return a result for each
     */
    public List<DocumentResult> extract(List<String> documents) {
        return extract(documents, ExtractOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Finds all that notes say: sections, entities with their assertions, long forms and attributes, relations. Where
     * heads mark the same words as kinds that mean the same, they are one entity.
     *
     * @param documents the notes
     * @param extract who judges assertions, and terminologies
     * @param options heads, unit of offsets and so on. Heads may be for entities, for relations, and one for
     *     assertions; if none is named, the model's default heads
     * @return a result for each
     */
    public List<DocumentResult> extract(List<String> documents, ExtractOptions extract, RunOptions options) {
        String[] texts = Text.array(documents, "documents");
        byte[][] heads = options.heads();
        int judges = extract.judges();
        return Terms.use(extract.terms(), terms -> options.run(handle, (model, cancel) -> Native.extract(
                model,
                heads,
                texts,
                judges,
                terms,
                options.unit(),
                options.invalidText(),
                options.markup(),
                options.deadline(),
                cancel)));
    }

    /**
     * Finds the entities of a document.
     *
     * @param document the text
     * @return the result, with {@link DocumentResult#spans}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult ner(String document) {
        return ner(document, RunOptions.defaults());
    }

    /**
     * Finds the entities of a document.
     *
     * @param document the text
     * @param options heads, unit of offsets and so on
     * @return the result, with {@link DocumentResult#spans}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult ner(String document, RunOptions options) {
        return ner(List.of(document), options).get(0).checked();
    }

    /**
     * Finds the entities of documents.
     *
     * @param documents the texts
     * @return a result for each
     */
    public List<DocumentResult> ner(List<String> documents) {
        return ner(documents, RunOptions.defaults());
    }

    /**
     * Finds the entities of documents.
     *
     * @param documents the texts
     * @param options heads, unit of offsets and so on
     * @return a result for each
     */
    public List<DocumentResult> ner(List<String> documents, RunOptions options) {
        String[] texts = Text.array(documents, "documents");
        byte[][] heads = options.heads();
        return options.run(handle, (model, cancel) ->
                Native.ner(
                        model,
                        heads,
                        texts,
                        options.unit(),
                        options.invalidText(),
                        options.markup(),
                        options.deadline(),
                        cancel));
    }

    /**
     * Finds the relations of a document.
     *
     * @param document the text
     * @return the result, with {@link DocumentResult#relations} and {@link DocumentResult#spans}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult re(String document) {
        return re(document, ReOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Finds the relations of a document.
     *
     * @param document the text
     * @param relations entities to relate, and whether unrelated pairs are listed
     * @param options heads, unit of offsets and so on
     * @return the result, with {@link DocumentResult#relations} and {@link DocumentResult#spans}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult re(String document, ReOptions relations, RunOptions options) {
        return re(List.of(document), relations, options).get(0).checked();
    }

    /**
     * Finds the relations of documents.
     *
     * @param documents the texts
     * @return a result for each
     */
    public List<DocumentResult> re(List<String> documents) {
        return re(documents, ReOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Finds the relations of documents: every pair of entities of a head's kinds in one sentence is
     * judged.
     *
     * @param documents the texts
     * @param relations entities to relate, and whether unrelated pairs are listed
     * @param options heads, unit of offsets and so on; no heads: all whose entities are to be had
     * @return a result for each
     */
    public List<DocumentResult> re(List<String> documents, ReOptions relations, RunOptions options) {
        String[] texts = Text.array(documents, "documents");
        byte[][] heads = options.heads();
        long[] places = relations.places();
        byte[][] kinds = relations.kinds();
        return options.run(handle, (model, cancel) -> Native.re(
                model,
                heads,
                texts,
                places,
                kinds,
                relations.unrelated(),
                options.unit(),
                options.invalidText(),
                options.markup(),
                options.deadline(),
                cancel));
    }

    /**
     * Answers a question from its passages.
     *
     * @param question question and passages
     * @return the result, with {@link DocumentResult#answers}, {@link DocumentResult#noAnswer} and, for
     *     yes or no, {@link DocumentResult#classes}
     * @throws BiobertException if the question or a passage is bad
     */
    public DocumentResult qa(Question question) {
        return qa(question, QaOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Answers a question from its passages.
     *
     * @param question question and passages
     * @param answers how many, and how long
     * @param options heads, unit of offsets and so on
     * @return the result, with {@link DocumentResult#answers}, {@link DocumentResult#noAnswer} and, for
     *     yes or no, {@link DocumentResult#classes}
     * @throws BiobertException if the question or a passage is bad
     */
    public DocumentResult qa(Question question, QaOptions answers, RunOptions options) {
        return qa(List.of(question), answers, options).get(0).checked();
    }

    /**
     * Answers questions, each from its own passages.
     *
     * @param questions questions and passages
     * @return a result for each question
     */
    public List<DocumentResult> qa(List<Question> questions) {
        return qa(questions, QaOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Answers questions, each from its own passages.
     *
     * @param questions questions and passages
     * @param answers how many, and how long
     * @param options heads, unit of offsets and so on
     * @return a result for each question
     */
    public List<DocumentResult> qa(List<Question> questions, QaOptions answers, RunOptions options) {
        List<String> texts = new ArrayList<>();
        int[] passages = new int[questions.size()];
        for (int i = 0; i < passages.length; i++) {
            Question question = questions.get(i);
            texts.add(question.question());
            texts.addAll(question.passages());
            passages[i] = question.passages().size();
        }
        String[] all = texts.toArray(new String[0]);
        byte[][] heads = options.heads();
        return options.run(handle, (model, cancel) -> Native.qa(
                model,
                heads,
                all,
                passages,
                answers.top(),
                answers.maxTokens(),
                answers.pool(),
                answers.threshold(),
                options.unit(),
                options.invalidText(),
                options.markup(),
                options.deadline(),
                cancel));
    }

    /**
     * Classifies a document.
     *
     * @param document the text
     * @return the result, with {@link DocumentResult#classes}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult classify(String document) {
        return classify(document, RunOptions.defaults());
    }

    /**
     * Classifies a document.
     *
     * @param document the text
     * @param options heads and so on
     * @return the result, with {@link DocumentResult#classes}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult classify(String document, RunOptions options) {
        return classify(List.of(document), options).get(0).checked();
    }

    /**
     * Classifies documents.
     *
     * @param documents the texts
     * @return a result for each
     */
    public List<DocumentResult> classify(List<String> documents) {
        return classify(documents, RunOptions.defaults());
    }

    /**
     * Classifies documents.
     *
     * @param documents the texts
     * @param options heads and so on
     * @return a result for each
     */
    public List<DocumentResult> classify(List<String> documents, RunOptions options) {
        return classify(Text.array(documents, "documents"), null, options);
    }

    /**
     * Classifies a pair of texts, such as a note and a trial criterion.
     *
     * @param document the text
     * @param second the second text
     * @return the result, with {@link DocumentResult#classes}
     * @throws BiobertException if one of the two is bad
     */
    public DocumentResult classify(String document, String second) {
        return classify(document, second, RunOptions.defaults());
    }

    /**
     * Classifies a pair of texts, such as a note and a trial criterion.
     *
     * @param document the text
     * @param second the second text
     * @param options heads and so on
     * @return the result, with {@link DocumentResult#classes}
     * @throws BiobertException if one of the two is bad
     */
    public DocumentResult classify(String document, String second, RunOptions options) {
        return classify(List.of(document), List.of(second), options).get(0).checked();
    }

    /**
     * Classifies pairs of texts, such as notes and trial criteria. Of texts that are too long together
     * the longer one is read in windows.
     *
     * @param documents the texts
     * @param seconds as many second texts
     * @param options heads and so on
     * @return a result for each pair
     * @throws IllegalArgumentException if there are not as many of each
     */
    public List<DocumentResult> classify(List<String> documents, List<String> seconds, RunOptions options) {
        String[] texts = Text.array(documents, "documents");
        String[] others = Text.array(seconds, "seconds");
        if (texts.length != others.length) {
            throw new IllegalArgumentException(texts.length + " documents, but " + others.length + " second texts");
        }
        return classify(texts, others, options);
    }

    private List<DocumentResult> classify(String[] texts, String[] others, RunOptions options) {
        byte[][] heads = options.heads();
        return options.run(handle, (model, cancel) -> Native.classify(
                model,
                heads,
                texts,
                others,
                options.unit(),
                options.invalidText(),
                options.markup(),
                options.deadline(),
                cancel));
    }

    /**
     * Turns a document into a vector.
     *
     * @param document the text
     * @return the result, with {@link DocumentResult#embedding}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult embed(String document) {
        return embed(document, EmbedOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Turns a document into a vector, and its tokens too if they are asked for.
     *
     * @param document the text
     * @param embed pooling, layer and so on
     * @param options unit of offsets and so on, without heads
     * @return the result, with {@link DocumentResult#embedding}
     * @throws BiobertException if the document is bad
     */
    public DocumentResult embed(String document, EmbedOptions embed, RunOptions options) {
        return embed(List.of(document), embed, options).get(0).checked();
    }

    /**
     * Turns documents into vectors.
     *
     * @param documents the texts
     * @return a result for each
     */
    public List<DocumentResult> embed(List<String> documents) {
        return embed(documents, EmbedOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Turns documents into vectors, and their tokens too if they are asked for.
     *
     * @param documents the texts
     * @param embed pooling, layer and so on
     * @param options unit of offsets and so on, without heads
     * @return a result for each
     */
    public List<DocumentResult> embed(List<String> documents, EmbedOptions embed, RunOptions options) {
        String[] texts = Text.array(documents, "documents");
        options.refuseHeads();
        return options.run(handle, (model, cancel) -> Native.embed(
                model,
                texts,
                embed.pooling(),
                embed.layer(),
                embed.normalize(),
                embed.tokens(),
                embed.prompt(),
                options.unit(),
                options.invalidText(),
                options.markup(),
                options.deadline(),
                cancel));
    }

    /**
     * Fills the masks of a document.
     *
     * @param document a text with {@link #maskToken} where a word is missing
     * @return the result, with {@link DocumentResult#masks}
     * @throws BiobertException if the document is bad, has no mask or is longer than the model reads at once
     */
    public DocumentResult fill(String document) {
        return fill(document, FillOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Fills the masks of a document.
     *
     * @param document a text with {@link #maskToken} where a word is missing
     * @param fill how many candidates
     * @param options unit of offsets and so on, without heads
     * @return the result, with {@link DocumentResult#masks}
     * @throws BiobertException if the document is bad, has no mask or is longer than the model reads at once
     */
    public DocumentResult fill(String document, FillOptions fill, RunOptions options) {
        return fill(List.of(document), fill, options).get(0).checked();
    }

    /**
     * Fills the masks of documents.
     *
     * @param documents texts with {@link #maskToken} where words are missing
     * @return a result for each
     */
    public List<DocumentResult> fill(List<String> documents) {
        return fill(documents, FillOptions.defaults(), RunOptions.defaults());
    }

    /**
     * Fills the masks of documents: the pieces that may stand at each, with their probabilities. Of several masks
     * each is filled as if the others stayed open.
     *
     * @param documents texts with {@link #maskToken} where words are missing
     * @param fill how many candidates
     * @param options unit of offsets and so on, without heads
     * @return a result for each
     */
    public List<DocumentResult> fill(List<String> documents, FillOptions fill, RunOptions options) {
        String[] texts = Text.array(documents, "documents");
        options.refuseHeads();
        int topK = fill.topK();
        return options.run(handle, (model, cancel) -> Native.fill(
                model,
                texts,
                topK,
                options.unit(),
                options.invalidText(),
                options.markup(),
                options.deadline(),
                cancel));
    }

    /**
     * The same tasks with futures, on the common pool.
     *
     * @return a view of this model
     */
    public AsyncModel async() {
        return async(ForkJoinPool.commonPool());
    }

    /**
     * The same tasks with futures.
     *
     * @param executor where calls run
     * @return a view of this model
     */
    public AsyncModel async(Executor executor) {
        return new AsyncModel(this, executor);
    }

    /** Waits for the calls that run on the model and frees it. Does nothing the second time. */
    @Override
    public void close() {
        handle.close();
    }
}
