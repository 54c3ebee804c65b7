package org.biobert;

/** The progress of a training. Immutable. */
public final class Progress {
    /** What the training is doing. */
    public enum Phase {
        /** The encoder reads the texts: {@code done} of {@code of} sequences. */
        READING,
        /** The head learns: {@code done} of {@code of} batches over all epochs. */
        LEARNING,
        /** An epoch has ended: {@code epoch} is its number, from 1. */
        EPOCH,
        /** A training that was killed resumes after {@code epoch}. */
        RESUMED
    }

    private static final Phase[] PHASES = Phase.values();

    private final Phase phase;
    private final long done;
    private final long of;
    private final long epoch;
    private final double loss;
    private final double f1;
    private final double secondsLeft;

    private Progress(Phase phase, long done, long of, long epoch, double loss, double f1, double secondsLeft) {
        this.phase = phase;
        this.done = done;
        this.of = of;
        this.epoch = epoch;
        this.loss = loss;
        this.f1 = f1;
        this.secondsLeft = secondsLeft;
    }

    /** Called by the native half, with numbers only so that nothing piles up there. */
    static boolean tell(
            ProgressListener listener, int phase, long done, long of, long epoch, double loss, double f1, double left) {
        return listener.progress(new Progress(PHASES[phase - 1], done, of, epoch, loss, f1, left));
    }

    /**
     * What the training is doing.
     *
     * @return the phase
     */
    public Phase phase() {
        return phase;
    }

    /**
     * Sequences or batches done.
     *
     * @return 0 or more
     */
    public long done() {
        return done;
    }

    /**
     * Sequences or batches in all.
     *
     * @return 0 or more
     */
    public long of() {
        return of;
    }

    /**
     * Epochs that have ended.
     *
     * @return 0 or more
     */
    public long epoch() {
        return epoch;
    }

    /**
     * The mean loss of the epoch so far.
     *
     * @return NaN while reading
     */
    public double loss() {
        return loss;
    }

    /**
     * F1 on the held-out examples.
     *
     * @return percent; NaN if they were not measured
     */
    public double f1() {
        return f1;
    }

    /**
     * Estimated time until learning ends.
     *
     * @return seconds; NaN if not known
     */
    public double secondsLeft() {
        return secondsLeft;
    }

    /** For logs. */
    @Override
    public String toString() {
        return phase + " " + done + "/" + of + " epoch " + epoch + " loss " + loss + " F1 " + f1;
    }
}
