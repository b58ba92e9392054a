/** What the text of a statement says without asking the server. */
package io.floodlock.runtime.jdbc.sql;
