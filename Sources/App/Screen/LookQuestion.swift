import RopewalkCellGrid
import RopewalkViews

/// The colours of the screen: choosing them costs more than drawing with them.
struct LookQuestion: Question {
    let depth: ColourDepth
    let map: ColourMap
    let ground: Ground

    func answer(_ witness: Witness, _ answers: inout Answers) -> Look { Look(depth: depth, map: map, ground: ground) }
}

extension AppState {
    var lookQuestion: LookQuestion { LookQuestion(depth: depth, map: appearance.colourMap, ground: ground) }
}
