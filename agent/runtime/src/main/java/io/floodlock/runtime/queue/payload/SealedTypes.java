package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.module.SimpleSerializers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Serializes a value of a sealed type with the simple name of its permitted class. Only names of classes that the
 * declaration permits are read. {@link PayloadMapper} installs it.
 */
final class SealedTypes extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    /** False for sealed types of the JDK, which have their own serializers. */
    static boolean is(Class<?> type) {
        return type.isSealed() && !type.isEnum() && !PayloadTypes.isPlatform(type);
    }

    /**
     * With static typing the declared type selects the serializer. For a sealed type, the value's class has to select
     * it.
     */
    static final class Writers extends SimpleSerializers {

        private static final long serialVersionUID = 1L;

        @Override
        public JsonSerializer<?> findSerializer(SerializationConfig config, JavaType type, BeanDescription bean) {
            return is(type.getRawClass()) ? new Writer() : super.findSerializer(config, type, bean);
        }
    }

    private static final class Writer extends JsonSerializer<Object> {

        @Override
        public void serialize(Object value, JsonGenerator out, SerializerProvider provider) throws IOException {
            throw JsonMappingException.from(provider, "a sealed type without its name");
        }

        @Override
        public void serializeWithType(
                Object value, JsonGenerator out, SerializerProvider provider, TypeSerializer types) throws IOException {
            provider.findValueSerializer(value.getClass(), null).serializeWithType(value, out, provider, types);
        }
    }

    /** The concrete classes that a sealed type permits, directly or through permitted sealed types. */
    static List<Class<?>> permitted(Class<?> type) {
        List<Class<?>> out = new ArrayList<>();
        for (Class<?> sub : type.getPermittedSubclasses()) {
            if (is(sub)) {
                out.addAll(permitted(sub));
            } else {
                out.add(sub);
            }
        }
        return out;
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public TypeResolverBuilder<?> findTypeResolver(MapperConfig<?> config, AnnotatedClass type, JavaType baseType) {
        if (!is(baseType.getRawClass())) {
            return null;
        }
        return new StdTypeResolverBuilder().init(JsonTypeInfo.Id.NAME, null).inclusion(JsonTypeInfo.As.WRAPPER_ARRAY);
    }

    @Override
    public List<NamedType> findSubtypes(Annotated type) {
        Class<?> raw = type.getRawType();
        if (!is(raw)) {
            return null;
        }
        return permitted(raw).stream()
                .map(sub -> new NamedType(sub, sub.getSimpleName()))
                .toList();
    }
}
