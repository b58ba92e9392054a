package io.floodlock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method in one transaction over every database it uses. Connections that the method obtains from ordinary
 * connection pools and driver DataSources become branches of the transaction; all branches commit, or none does. No
 * XADataSource, transaction server or log file is needed.
 *
 * <p>A branch joins at its first statement. Inside the method, {@code commit()} on such a connection is only a vote,
 * {@code rollback()} rolls back the whole transaction, and {@code close()} returns the connection to its pool after
 * the outcome. When the method returns, the transaction has committed everywhere. When the method throws an unchecked
 * exception or an error, the transaction has been rolled back everywhere. Checked exceptions commit unless
 * {@link #rollbackFor()} states otherwise.
 *
 * <p><b>Where the guarantee ends.</b> Isolation is that of each database: for a moment after the decision, another
 * reader may see new rows of one database and old rows of another. If the reply to the deciding commit is lost and
 * the outcome can't be found out, the call throws {@link TransactionOutcomeUnknownException}; recovery completes the
 * branches later. Not covered are effects outside the enlisted databases, asynchronous replicas that are promoted,
 * raw {@code DriverManager} connections and R2DBC. Only PostgreSQL is supported, and
 * {@code max_prepared_transactions} must be greater than 0 on every database but one.
 *
 * <p>A transaction belongs to its thread. The agent therefore refuses, while the class loads, a method whose work
 * continues after it has returned: one that returns a {@code CompletionStage} or a reactive type, or a Kotlin
 * function that suspends. A method that is also {@link Queued} may return a stage, which must be complete by then; a
 * stage that has failed is treated as an exception.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface DistributedTx {

    /** How the method relates to a transaction that is already open on this thread. */
    Propagation propagation() default Propagation.REQUIRED;

    /**
     * Time after which the transaction can only be rolled back, as {@code "30s"}; at most {@code "50m"}. A method
     * that joins a transaction is subject to the timeout of the method that began it.
     */
    String timeout() default "30s";

    /** Checked exceptions that roll back, subclasses included. */
    Class<? extends Throwable>[] rollbackFor() default {};

    /**
     * Unchecked exceptions that commit, subclasses included. If both lists match, the entry closest to the
     * exception's class applies.
     */
    Class<? extends Throwable>[] noRollbackFor() default {};
}
