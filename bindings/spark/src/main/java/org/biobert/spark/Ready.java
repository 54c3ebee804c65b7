package org.biobert.spark;

import org.biobert.EmbedOptions;
import org.biobert.ExtractOptions;
import org.biobert.Model;
import org.biobert.QaOptions;
import org.biobert.ReOptions;
import org.biobert.RunOptions;

/** Settings on an executor: the open model, and the options of its calls with open terminologies. */
record Ready(
        Model model,
        RunOptions.Unit unit,
        RunOptions run,
        ExtractOptions extract,
        ReOptions re,
        QaOptions qa,
        EmbedOptions embed) {
    static Ready of(Settings settings) {
        RunOptions run = RunOptions.defaults()
                .withHeads(settings.heads)
                .withUnit(settings.unit)
                .withMarkup(settings.markup);
        QaOptions qa = QaOptions.defaults().withPool(settings.pool);
        qa = settings.top == 0 ? qa : qa.withTop(settings.top);
        qa = settings.threshold == null ? qa : qa.withThreshold(settings.threshold);
        EmbedOptions embed = EmbedOptions.defaults().withNormalize(settings.normalize);
        return new Ready(
                Opened.model(settings.model),
                settings.unit,
                settings.deadline == null ? run : run.withDeadline(settings.deadline),
                ExtractOptions.defaults()
                        .withJudges(settings.judges)
                        .withTerms(settings.terms.stream()
                                .map(terms -> Opened.terms(terms, settings.vectors.get(terms)))
                                .toList()),
                ReOptions.defaults().withUnrelated(settings.unrelated),
                qa,
                settings.prompt == null ? embed : embed.withPrompt(settings.prompt));
    }
}
