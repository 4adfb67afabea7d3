import Foundation

let status = Program.run(Array(CommandLine.arguments.dropFirst()))
fflush(nil)
// Not `exit`: a run that was left in its middle may still be in a matrix product, whose library takes its memory away
// when a process exits.
_exit(status)
