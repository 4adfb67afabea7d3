import RopewalkMethods
import RopewalkPhrases

/// The masks of the scenario's file, and which of them is looked at.
private struct FilePlanes {
    let file: FileWindow
    let layout: MaskStack.Layout
    /// The axes with more than one mask.
    let axes: [MaskStack.Axis]
    private let focus: Focus
    private let heads: Int

    /// Nil where the scenario has no file.
    init?(_ state: AppState) {
        guard let file = state.scenario.windows.lazy.compactMap({ $0 as? FileWindow }).first else { return nil }
        self.file = file
        focus = state.focus
        heads = state.shape?.heads ?? 1
        layout = file.stack.layout(layers: state.shape?.layers, heads: state.shape?.heads)
        axes = zip(layout.axes, layout.lengths).filter { $0.1 > 1 }.map(\.0)
    }

    func index(_ axis: MaskStack.Axis) -> Int {
        let group = max(1, heads / max(1, layout.count(.heads)))
        let index =
            switch axis {
            case .batch: file.chosen.item ?? 0
            case .layers: file.chosen.layer ?? focus.layer
            case .heads: file.chosen.head ?? focus.head / group
            case .queries, .keys: 0
            }
        return min(index, layout.count(axis) - 1)
    }

    /// The mask so many steps on, around the end.
    func stepped(_ axis: MaskStack.Axis?, by steps: Int) -> MaskPlane {
        var plane = file.chosen
        var rest = steps
        for axis in axis.map({ [$0] }) ?? axes.reversed() {
            let count = layout.count(axis)
            let next = index(axis) + rest
            rest = next >= 0 ? next / count : -((count - 1 - next) / count)
            let place = next - rest * count
            switch axis {
            case .batch: plane.item = place
            case .layers: plane.layer = place
            case .heads: plane.head = place
            case .queries, .keys: break
            }
        }
        return plane
    }
}

extension AppState {
    /// Which mask of a file is shown, where it has several: "item 1 of 2, head 3 of 4"; nil elsewhere.
    var planeText: String? {
        guard let planes = FilePlanes(self), !planes.axes.isEmpty else { return nil }
        return planes.axes.map { axis in
            let name = [.batch: say("item"), .layers: say("layer")][axis] ?? say("head")
            return say("\(name) \(planes.index(axis)) of \(planes.layout.count(axis).grouped)")
        }.joined(separator: ", ")
    }

    /// Why there is no other mask to go to; nil where there is.
    func planeObstacle(_ axis: MaskStack.Axis?) -> String? {
        if masks.own != nil { return say("the pages look at all masks of a file that stands by itself, and name each") }
        guard let planes = FilePlanes(self) else { return say("no mask file is chosen: M takes file:PATH") }
        if axis.map({ planes.axes.contains($0) }) ?? !planes.axes.isEmpty { return nil }
        return say("\(planes.file.path) holds one mask\(axis.map { say(" on its axis of \($0.rawValue)") } ?? "")")
    }

    /// Another mask of the file: a preview at once, and the exact run after a short pause.
    mutating func stepPlane(_ axis: MaskStack.Axis?, by steps: Int) -> [Effect] {
        if let obstacle = planeObstacle(axis) {
            refuse(obstacle)
            return []
        }
        guard let planes = FilePlanes(self) else { return [] }
        let file = planes.file
        let next = FileWindow(path: file.path, stack: file.stack, chosen: planes.stepped(axis, by: steps))
        var scenario = scenario
        scenario.windows = scenario.windows.map { ($0 as? FileWindow) == file ? next : $0 }
        let before = self.scenario
        change(to: scenario)
        return self.scenario == before ? [] : runAfterPause()
    }
}
