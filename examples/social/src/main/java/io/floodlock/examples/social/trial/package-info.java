/** Floods the network and audits it: {@code examples/run social}. Start with {@code SocialMain}. */
package io.floodlock.examples.social.trial;
