// Methods that belong to another line than their family's: they choose keys, or hide them, for a purpose of its own.

extension HierarchicalChunk { package static var kind: MethodKind { .hierarchy } }
extension HierarchicalSegments { package static var kind: MethodKind { .hierarchy } }

extension TransformerXL { package static var kind: MethodKind { .recurrence } }

extension CompressiveWindow { package static var kind: MethodKind { .memory } }
extension FocusedTransformer { package static var kind: MethodKind { .memory } }
extension MemorizingTransformer { package static var kind: MethodKind { .memory } }
extension Unlimiformer { package static var kind: MethodKind { .memory } }
extension InfLLM { package static var kind: MethodKind { .memory } }
extension Landmark { package static var kind: MethodKind { .memory } }
extension RETRO { package static var kind: MethodKind { .memory } }

extension HeavyHitters { package static var kind: MethodKind { .compression } }
extension TOVA { package static var kind: MethodKind { .compression } }
extension Scissorhands { package static var kind: MethodKind { .compression } }
extension SnapKV { package static var kind: MethodKind { .compression } }
