/**
 * One open file: its descriptors, its abilities, deadlines and errors, and the exclusion of ranges
 * that overlap. Uses {@code api}, {@code base}, {@code linux}, {@code engine}, {@code device} and
 * {@code plan}. Not exported.
 */
package io.dioagent.runtime.file;
