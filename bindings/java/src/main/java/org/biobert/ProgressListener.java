package org.biobert;

/** Is told where a training stands, many times a second, on the thread that called {@link Trainer#fit}. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * Where the training stands. What it throws stops the training and is thrown by {@link Trainer#fit}.
     *
     * @param progress where
     * @return whether to continue; if not, the best head so far is kept
     */
    boolean progress(Progress progress);
}
