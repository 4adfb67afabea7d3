/// A part of a large value that lies apart and is shared by all copies until one of them gets another.
///
/// Copies of the whole take over a reference in place of dozens of fields. Without it the compiler's code for copies of
/// the state was two thirds of this module, and most of the time that it took to build.
///
/// A change in place copies the part, and the arrays in it: not for what changes with every token.
@propertyWrapper
package struct Boxed<Value: Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    private var box: Box

    package init(wrappedValue: Value) { box = Box(wrappedValue) }

    package var wrappedValue: Value {
        get { box.value }
        set { box = Box(newValue) }
    }
}

extension Boxed: Equatable where Value: Equatable {
    package static func == (one: Boxed, other: Boxed) -> Bool {
        one.box === other.box || one.box.value == other.box.value
    }
}
