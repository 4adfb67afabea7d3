import CRopewalkKernels

/// What the loops of this module were compiled for, as chosen for this processor.
package enum InstructionSet {
    package static var name: String { String(cString: ck_instruction_set()) }
}
