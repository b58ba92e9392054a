package io.floodlock.examples.shop.trial;

/**
 * What both databases say at the end.
 *
 * @param oversold units sold beyond the stock there was
 * @param vanished units that left the stock without a sale
 * @param torn orders of which one database has what the other lacks, or other money or another state
 * @param lost acknowledged calls without effect
 * @param duplicated payments beyond the first of one order
 * @param strayed rows in books of another tenant or region, or written by another's role
 * @param inDoubt prepared transactions that nobody has ended
 * @param committed transactions that the rows prove
 * @param runMillis p50 and p99 from the call to the run, by wall clock
 */
public record Audit(
        long oversold,
        long vanished,
        long torn,
        long lost,
        long duplicated,
        long strayed,
        long inDoubt,
        long rows,
        long soldOut,
        long declined,
        long paid,
        long refunded,
        long committed,
        long rolledBack,
        double[] runMillis) {

    public long violations() {
        return oversold + vanished + torn + lost + duplicated + strayed + inDoubt;
    }

    @Override
    public String toString() {
        return "%d oversold, %d torn, %d lost, %d duplicated, %d vanished, %d in doubt%s"
                .formatted(
                        oversold,
                        torn,
                        lost,
                        duplicated,
                        vanished,
                        inDoubt,
                        strayed == 0 ? "" : ", " + strayed + " strayed");
    }
}
