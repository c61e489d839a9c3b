/**
 * A device error that is lost on its way, and the same one delivered. The broken behaviour lives
 * here, between the runtime and the kernel's engine; the runtime has none of it.
 */
package io.dioagent.samples.hang;
