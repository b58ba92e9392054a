package io.floodlock.runtime.call;

import static java.lang.invoke.MethodType.methodType;

import io.floodlock.runtime.boundary.ApplicationTransactions;
import io.floodlock.runtime.boundary.JtaTransactions;
import io.floodlock.runtime.boundary.SpringTransactions;
import io.floodlock.runtime.call.around.AsyncCall;
import io.floodlock.runtime.call.around.CallbackSite;
import io.floodlock.runtime.call.around.ConnectionSource;
import io.floodlock.runtime.call.around.Facade;
import io.floodlock.runtime.call.around.FacadeLocks;
import io.floodlock.runtime.call.around.QueuedBody;
import io.floodlock.runtime.call.around.ScopeExit;
import io.floodlock.runtime.call.around.UntrackedConnections;
import io.floodlock.runtime.call.around.WovenCall;
import io.floodlock.runtime.call.boundary.Boundary;
import io.floodlock.runtime.call.boundary.Interceptions;
import io.floodlock.runtime.call.boundary.SpringManagers;
import io.floodlock.runtime.call.boundary.TransactionManagers;
import io.floodlock.runtime.call.lock.LockedMethods;
import io.floodlock.runtime.call.queued.Containers;
import io.floodlock.runtime.call.queued.EnqueueCall;
import io.floodlock.runtime.call.queued.Initialized;
import io.floodlock.runtime.call.queued.QueuedMethods;
import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.DeclaredTypes;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Operation;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.call.support.SiteAnchor;
import io.floodlock.runtime.call.support.UsageDetector;
import io.floodlock.runtime.call.support.WovenMethods;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.JdbcModule;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The runtime in a JVM with the agent: it links each woven call site to the object that carries out its operation, over
 * the engines. {@link #target} lists all operations. The weaver calls it through {@link AgentRuntime}. Thread-safe.
 */
final class WovenRuntime implements AgentRuntime {

    private static final MethodHandles.Lookup OWN = MethodHandles.lookup();

    private final Engines engines;
    private final Containers containers;
    private final QueuedMethods queued;
    private final LockedMethods locked;
    private final ApplicationTransactions applications;
    private final UsageDetector use;

    WovenRuntime(
            Engines engines,
            Function<Class<?>, MethodHandles.Lookup> lookups,
            ApplicationTransactions applications,
            UsageDetector use) {
        this.use = use;
        this.applications = applications;
        this.engines = engines;
        this.containers = new Containers(engines);
        this.queued = new QueuedMethods(engines, containers, lookups);
        this.locked = new LockedMethods(engines, lookups);
    }

    @Override
    public void check(CallSpec spec, DeclaredTypes types) {
        CallPlan plan = CallPlan.of(spec, types);
        if (!JdbcModule.isPresent()) {
            needsNoJdbc(plan);
        }
    }

    private static void needsNoJdbc(CallPlan plan) {
        String needsJdbc =
                plan.transaction() != null ? "@DistributedTx" : plan.locks().fenced() ? "fenced = true" : null;
        if (needsJdbc != null) {
            throw new IllegalArgumentException(plan.spec().displayName() + " has " + needsJdbc
                    + ", which needs JDBC, and this Java runtime lacks the module " + JdbcModule.MODULE
                    + ". Add it to the image (jlink --add-modules " + JdbcModule.MODULE
                    + ") or to the start (java --add-modules "
                    + JdbcModule.MODULE + "), or leave out " + needsJdbc + ".");
        }
    }

    @Override
    public void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization) {
        use.begin();
        for (Rule rule : spec.rules()) {
            switch (rule.kind()) {
                case QUEUED -> {
                    if (!awaitsInitialization) {
                        queued.woven(loader, spec);
                    }
                }
                case DISTRIBUTED_TX -> engines.recoverTransactions();
                case SHARED_LOCK, PESSIMISTIC_LOCK -> {
                    locked.woven(loader, spec);
                    engines.connectSoon();
                }
            }
        }
    }

    /**
     * A site that can't be linked, for example because the path of a key does not exist in the types that are now
     * loaded, fails each call with that reason. The body must not run unprotected.
     */
    @Override
    public CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        try {
            return new ConstantCallSite(
                    target(caller, operation, type, constants).asType(type));
        } catch (FloodlockFailure e) {
            return refusing(caller, type, e);
        } catch (IllegalArgumentException | LinkageError e) {
            return refusing(caller, type, Failure.INVALID_KEY.because(e.getMessage(), e));
        }
    }

    private static CallSite refusing(MethodHandles.Lookup caller, MethodType type, FloodlockFailure why) {
        RuntimeException shown = CallerExceptions.of(caller.lookupClass()).translate(why);
        MethodHandle thrower = MethodHandles.throwException(type.returnType(), RuntimeException.class)
                .bindTo(shown);
        return new ConstantCallSite(MethodHandles.dropArguments(thrower, 0, type.parameterList()));
    }

    private MethodHandle target(MethodHandles.Lookup caller, String operation, MethodType type, Object[] constants) {
        return switch (operation) {
            case Operation.ENTER ->
                bound(call(caller, constants), "enter", methodType(Object.class, Object.class, Object[].class));
            case Operation.EXIT ->
                bound(exit(caller, constants), "exit", methodType(void.class, Object.class, Throwable.class));
            case Operation.LEAVE ->
                bound(exit(caller, constants), "leave", methodType(Object.class, Object.class, Object.class));
            case Operation.AROUND ->
                bound(asyncCall(caller, constants), "enter", methodType(Object.class, Object.class, Object[].class));
            case Operation.ENQUEUE ->
                bound(
                        new EnqueueCall(spec(constants), caller, queued),
                        "enter",
                        methodType(Object.class, Object.class, Object[].class));
            case Operation.CARRY ->
                bound(new CallbackSite(type.returnType(), engines), "carry", methodType(Object.class, Object.class));
            case Operation.CONSTRUCTED -> bound(this, "constructed", methodType(void.class, Object.class));
            case Operation.INITIALIZED ->
                bound(new Initialized(spec(constants), caller, queued), "run", methodType(void.class));
            case Operation.CONNECTION ->
                bound(
                        new ConnectionSource(caller, engines, use),
                        "wrap",
                        methodType(Connection.class, Object.class, Connection.class));
            case Operation.CONNECTION_REUSE ->
                bound(new ConnectionSource(caller, engines, use), "reuse", methodType(Connection.class, Object.class));
            case Operation.CONNECTION_BACK ->
                bound(
                        new ConnectionSource(caller, engines, use),
                        "back",
                        methodType(Connection.class, Object.class, Connection.class));
            case Operation.STATEMENT ->
                Statement.class.isAssignableFrom(caller.lookupClass())
                        ? bound(
                                new UntrackedConnections(caller, engines, applications),
                                "run",
                                methodType(void.class, Object.class))
                        : MethodHandles.empty(type);
            case Operation.CONTEXT_READY -> bound(this, "contextReady", methodType(void.class, Object.class));
            case Operation.CONTEXT_CLOSING -> bound(this, "contextClosing", methodType(void.class, Object.class));
            case Operation.BOUNDARY_ENTER ->
                bound(
                        new Boundary(Interceptions.of(caller), locked),
                        "enter",
                        methodType(Object.class, Object.class, Object[].class));
            case Operation.BOUNDARY_EXIT ->
                bound(Boundary.END, "exit", methodType(void.class, Object.class, Throwable.class));
            case Operation.TRANSACTION_MANAGER ->
                bound(jta(caller), "constructed", methodType(void.class, Object.class));
            case Operation.SYNCHRONIZATIONS -> bound(new SiteAnchor(spring(caller)), "known", methodType(void.class));
            case Operation.SUSPENDING ->
                bound(
                        new SpringManagers(spring(caller)),
                        "suspending",
                        methodType(void.class, Object.class, Object.class));
            case Operation.FENCING_TOKEN -> bound(facade(caller), "fencingToken", methodType(long.class));
            case Operation.FENCING_TOKEN_OF ->
                bound(facade(caller), "fencingToken", methodType(long.class, String.class));
            case Operation.KEY -> bound(locking(caller), "key", methodType(String.class, String.class, Object[].class));
            case Operation.LOCKED_ENTER -> bound(locking(caller), "enter", type);
            case Operation.LOCKED_EXIT ->
                bound(locking(caller), "exit", methodType(void.class, Object.class, Throwable.class));
            case Operation.LOCKED_LEAVE ->
                bound(locking(caller), "leave", methodType(Object.class, Object.class, Object.class));
            case Operation.TRANSACTION_ID -> bound(facade(caller), "transactionId", methodType(String.class));
            case Operation.DIRECT -> bound(facade(caller), "direct", methodType(boolean.class, boolean.class));
            case Operation.PAUSE ->
                bound(facade(caller), "pause", methodType(boolean.class, String.class, String.class, boolean.class));
            case Operation.CHANGE_LANES ->
                bound(facade(caller), "changeLanes", methodType(int.class, String.class, int.class));
            case Operation.AWAIT_IDLE ->
                bound(facade(caller), "awaitIdle", methodType(void.class, String.class, Duration.class));
            default -> throw new LinkageError("unknown operation " + operation);
        };
    }

    private SpringTransactions spring(MethodHandles.Lookup caller) {
        return applications.spring(caller, CallerExceptions.of(caller.lookupClass())::translate);
    }

    private TransactionManagers jta(MethodHandles.Lookup manager) {
        JtaTransactions jta = JtaTransactions.of(manager, CallerExceptions.of(manager.lookupClass())::translate);
        if (jta != null) {
            applications.add(jta);
        }
        return new TransactionManagers(jta);
    }

    private Facade facade(MethodHandles.Lookup caller) {
        use.begin();
        return new Facade(engines, caller.lookupClass());
    }

    private FacadeLocks locking(MethodHandles.Lookup caller) {
        use.begin();
        return new FacadeLocks(engines, caller.lookupClass());
    }

    private Object call(MethodHandles.Lookup caller, Object[] constants) {
        CallPlan plan = CallPlan.of(spec(constants));
        Method method = WovenMethods.find(plan.spec(), caller);
        WovenCall call = new WovenCall(plan, caller, method, engines);
        return plan.queue() == null ? call : new QueuedBody.Enter(call, queued.site(plan.spec(), caller));
    }

    private Object exit(MethodHandles.Lookup caller, Object[] constants) {
        CallSpec spec = spec(constants);
        ScopeExit exit = new ScopeExit(engines, caller.lookupClass(), spec.displayName());
        return spec.first(Kind.QUEUED) == null ? exit : new QueuedBody.Exit(exit, queued.site(spec, caller));
    }

    private Object asyncCall(MethodHandles.Lookup caller, Object[] constants) {
        CallPlan plan = CallPlan.of(spec(constants));
        Method method = WovenMethods.find(plan.spec(), caller);
        AsyncCall call = new AsyncCall(plan, caller, method, engines);
        return plan.queue() == null ? call : new QueuedBody.Around(call, queued.site(plan.spec(), caller));
    }

    private static CallSpec spec(Object[] constants) {
        List<String> texts = Arrays.stream(constants).map(String.class::cast).toList();
        return CallSpec.fromConstants(texts);
    }

    private static MethodHandle bound(Object receiver, String method, MethodType type) {
        try {
            return OWN.bind(receiver, method, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no " + method + type, e);
        }
    }

    void constructed(Object instance) {
        engines.queues().constructed(instance);
    }

    void contextReady(Object context) {
        containers.ready(context);
    }

    void contextClosing(Object context) {
        containers.closing(context);
    }
}
