/** Tests the commands and outputs of the manual. */
package io.dioagent.samples.manual;
