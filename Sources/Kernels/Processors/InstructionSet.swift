import CKernels

/// What the loops of this module were compiled for, as chosen for this processor.
public enum InstructionSet {
    public static var name: String { String(cString: ck_instruction_set()) }
}
