package io.floodlock.runtime.queue.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.method.TargetMissingException.Reason;
import java.lang.ref.Reference;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Which object runs a stored call where no container has a bean. The constructors report as woven ones do. */
class TargetResolverTest {

    private final TargetResolver resolver = new TargetResolver();

    class Base {
        Base() {
            resolver.constructed(this);
        }

        void work() {}
    }

    class Sub extends Base {
        Sub() {
            resolver.constructed(this);
        }

        @Override
        void work() {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Sub;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    class Other extends Base {}

    /** As Quarkus names the proxy of a bean. */
    class Base_ClientProxy extends Base {}

    /** As Quarkus names a bean that has interceptors. */
    class Base_Subclass extends Base {}

    @Test
    void anObjectThatTwoConstructorsReportIsOneObject() throws Exception {
        Sub sub = new Sub();

        assertSame(sub, resolved(Base.class));
        assertSame(sub, resolved(Sub.class));
    }

    @Test
    void objectsThatAreEqualAreTwo() {
        Object[] both = {new Sub(), new Sub()};

        missing(Reason.SEVERAL, "2 instances of " + Base.class.getName(), "(" + Sub.class.getName() + ")", "a bean");
        Reference.reachabilityFence(both);
    }

    @Test
    void classesThatInheritOneMethodAreNamed() {
        Object[] both = {new Sub(), new Other()};

        missing(Reason.SEVERAL, Other.class.getName() + ", " + Sub.class.getName(), "does not tell which of them");
        Reference.reachabilityFence(both);
    }

    @Test
    void noObjectIsAnotherReason() {
        missing(Reason.NONE, "no instance of " + Base.class.getName(), "construct one object");
    }

    @Test
    void theProxyOfABeanIsNoSecondObject() throws Exception {
        Base bean = new Base();
        Object proxy = new Base_ClientProxy();

        assertSame(bean, resolved(Base.class));
        Reference.reachabilityFence(proxy);
    }

    @Test
    void aGeneratedSubclassIsTheObjectIfThereIsNoOther() throws Exception {
        Object bean = new Base_Subclass();
        Object proxy = new Base_ClientProxy();

        assertSame(bean, resolved(Base.class));
        Reference.reachabilityFence(proxy);
    }

    /** A control: two beans with interceptors are two objects. */
    @Test
    void twoGeneratedObjectsAreTwo() {
        Object[] both = {new Base_Subclass(), new Base_Subclass()};

        missing(Reason.SEVERAL, "2 instances of ");
        Reference.reachabilityFence(both);
    }

    interface Declares<T> {
        void take(T what);

        void give(String what);
    }

    static class Takes implements Declares<String> {
        @Override
        public void take(String what) {}

        @Override
        public void give(String what) {}

        public void give(Integer what) {}

        public void take(Integer what) {}
    }

    @Test
    void methodsAreFoundInTheInterfacesThatDeclareThem() throws Exception {
        Class<?>[] declares = {Runnable.class, Declares.class};

        assertEquals(
                Declares.class.getMethod("give", String.class),
                InterfaceMethods.implementedBy(Takes.class.getMethod("give", String.class), declares));
        assertEquals(
                Declares.class.getMethod("take", Object.class),
                InterfaceMethods.implementedBy(Takes.class.getMethod("take", String.class), declares));
        assertEquals(null, InterfaceMethods.implementedBy(Takes.class.getMethod("give", Integer.class), declares));
    }

    private Object resolved(Class<?> type) throws Exception {
        return resolver.resolve(type.getDeclaredMethod("work")).instance();
    }

    private void missing(Reason reason, String... parts) {
        Method work = Arrays.stream(Base.class.getDeclaredMethods()).findFirst().orElseThrow();
        TargetMissingException e = assertThrows(TargetMissingException.class, () -> resolver.resolve(work));
        assertEquals(reason, e.reason());
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }
}
