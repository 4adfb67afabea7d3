import RopewalkMethods

extension LayerTraits {
    /// One more than the furthest that a query and a key are ever apart in this layer, tokens; nil where no window of the
    /// model bounds that.
    ///
    /// Angles beyond were never seen in training, however long the texts of training were.
    package var reach: Int? { windows.compactMap(Self.reach).min() }

    private static func reach(of window: any WindowMethod) -> Int? {
        switch window {
        case let window as SlidingWindow: window.size
        case let window as Chunked: window.size * (window.back + 1)
        case let window as Longformer where window.globals.isEmpty: window.window / 2 * window.dilation + 1
        default: nil
        }
    }

    /// How queries grow with their place q, as a formula; nil where they do not.
    package var growth: String? { temperature?.text }

    /// What its windows make of it: "global", "local", "chunked", "sparse"; the name of a recurrent mixer.
    package var reading: String {
        if let mixer { return mixer.kind.title }
        guard let window = windows.first else { return "global" }
        return window is SlidingWindow || window is Longformer ? "local" : window is Chunked ? "chunked" : "sparse"
    }
}
