package io.floodlock.examples.shop.trial;

/**
 * The result of comparing both databases at the end.
 *
 * @param oversold units sold beyond the initial stock
 * @param vanished units that left the stock without a sale
 * @param torn orders that only one database has, or whose amount or state differs between the databases
 * @param lost acknowledged calls without effect
 * @param duplicated orders written twice, and payments beyond the first of one order
 * @param strayed rows in books of another tenant or region, or written under another tenant's role
 * @param inDoubt prepared transactions that have not been ended
 * @param runMillis p50 and p99 of the time from the call to the run, in milliseconds of the wall clock
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
