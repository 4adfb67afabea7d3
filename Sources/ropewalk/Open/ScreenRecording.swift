import RopewalkApp
import RopewalkCellGrid

/// Screens one after the other as a recording: of keys, a screen a key; of a lesson, all of its steps, each as long as it
/// takes to read what it says.
struct ScreenRecording {
    private var cast: ScreenCast
    private var time = 0.0

    private init(_ first: Grid, ground: Ground, depth: ColourDepth) {
        cast = ScreenCast(size: first.size, depth: depth, title: GridPage(first, ground: ground).title)
    }

    /// The screen before the first key, and after each; at its end the last one stands too.
    static func text(
        of script: KeyScript, _ player: inout ScreenPlayer, ground: Ground, depth: ColourDepth, pause: Double
    ) -> String {
        let first = player.frame()
        var recording = ScreenRecording(first, ground: ground, depth: depth)
        recording.show(first, for: pause)
        for step in script.steps {
            player.play(step)
            guard case .event = step else { continue }
            recording.show(player.frame(), for: pause)
        }
        return recording.ended
    }

    /// Every step, and after one with a question its answer.
    static func lesson(
        _ player: inout ScreenPlayer, ground: Ground, depth: ColourDepth, pause: Double
    ) -> String {
        guard let play = player.state.lesson else { return "" }
        player.playLesson(step: 0)
        var recording = ScreenRecording(player.frame(), ground: ground, depth: depth)
        for (index, step) in play.lesson.steps.enumerated() {
            func time(_ texts: [LessonText?]) -> Double {
                pause * seconds(toRead: texts.compactMap { $0?.text() }.joined(separator: " "))
            }
            player.playLesson(step: index)
            recording.show(player.frame(), for: time([step.caption, step.question]))
            guard step.answer != nil else { continue }
            player.playLesson(step: index, showingAnswer: true)
            recording.show(player.frame(), for: time([step.answer]))
        }
        return recording.ended
    }

    /// Some 15 letters a second, of which a Chinese character counts three, and a moment to look at the screen.
    private static func seconds(toRead text: String) -> Double {
        let letters = text.reduce(0) { $0 + (CellWidth.of($1) == 2 ? 3 : 1) }
        return (2 + Double(letters) / 15).rounded(.up)
    }

    private mutating func show(_ grid: Grid, for seconds: Double) {
        cast.show(grid, at: time)
        time += seconds
    }

    /// With a last event, so that players do not end with the last screen's beginning.
    private var ended: String {
        var cast = cast
        cast.wait(until: time)
        return cast.text
    }
}
