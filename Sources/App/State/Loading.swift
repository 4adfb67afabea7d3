/// Something that comes from a file, once in the life of the program.
package enum Loading<Value: Sendable>: Equatable, Sendable {
    case loading
    case loaded(Value)
    /// With the one line that says why.
    case failed(String)

    package var value: Value? {
        if case .loaded(let value) = self { return value }
        return nil
    }

    /// Why it cannot be had; nil where it can or is on the way.
    package var failure: String? {
        if case .failed(let why) = self { return why }
        return nil
    }

    /// The same of what is made of it.
    func map<Other: Sendable>(_ transform: (Value) -> Other) -> Loading<Other> {
        switch self {
        case .loading: .loading
        case .loaded(let value): .loaded(transform(value))
        case .failed(let why): .failed(why)
        }
    }

    /// There is one text, one model, one document: what is loaded is the same.
    package static func == (a: Loading, b: Loading) -> Bool {
        switch (a, b) {
        case (.loading, .loading), (.loaded, .loaded): true
        case (.failed(let one), .failed(let other)): one == other
        case (.loading, _), (.loaded, _), (.failed, _): false
        }
    }
}
