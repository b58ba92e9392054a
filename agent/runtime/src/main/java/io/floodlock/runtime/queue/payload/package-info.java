/**
 * Arguments and results as bytes, decoded into declared types only. Reading order: {@code ArgumentsCodec}
 * with {@code PlainArguments} and {@code CborArguments}, {@code ResultCodec}, {@code ExceptionCodec}, then
 * {@code PayloadMapper}, {@code PayloadTypes} and {@code JdkExceptions}, the parts that they use.
 */
package io.floodlock.runtime.queue.payload;
