package io.floodlock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method in one transaction over every database it touches: connections taken inside from ordinary connection
 * pools and driver DataSources become branches that commit all or none. No XADataSource, transaction server or log file.
 *
 * <p>A branch joins at its first statement. The body's own {@code commit()} inside the method is a vote, its
 * {@code rollback()} rolls everything back, {@code close()} gives the connection back after the outcome. When the method
 * returns, the transaction has committed everywhere; when it throws an unchecked exception or an error it has been rolled
 * back everywhere (checked exceptions commit unless {@link #rollbackFor()} says otherwise).
 *
 * <p><b>Where the guarantee ends.</b> Isolation is each database's own: for a moment after the decision another reader may
 * see one database's new and another's old rows. When the deciding commit's reply is lost and can't be found out, the call
 * throws {@link TransactionOutcomeUnknownException}; recovery settles the branches later. Effects outside the enlisted
 * databases, asynchronous replicas that are promoted, raw {@code DriverManager} connections and R2DBC are not covered.
 * PostgreSQL only, where {@code max_prepared_transactions} must exceed 0 on every database but one.
 *
 * <p>A method whose work goes on after it has returned, with a stage, a reactive type or as a function that suspends, is
 * refused while its class loads: a transaction belongs to its thread.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface DistributedTx {

    /** How the method relates to a transaction that is already open on this thread. */
    Propagation propagation() default Propagation.REQUIRED;

    /**
     * After this time the transaction can only be rolled back, as {@code "30s"}; at most {@code "50m"}. A joined
     * transaction keeps the time of the method that began it.
     */
    String timeout() default "30s";

    /** Checked exceptions, subclasses included, that roll back. */
    Class<? extends Throwable>[] rollbackFor() default {};

    /** Unchecked exceptions, subclasses included, that commit. The closest of both lists to the exception's class wins. */
    Class<? extends Throwable>[] noRollbackFor() default {};
}
