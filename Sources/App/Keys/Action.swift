/// What a key asks for.
package enum Action: Equatable, Hashable, Sendable {
    case token(Int), line(Int), page(Int), sentence(Int)
    case textStart, textEnd
    case promptForPlace, promptForSearch(forwards: Bool), nextHit(sameDirection: Bool)
    case strongerKey(Int), anchorHere, swap
    case layer(Int), head(Int)
    /// Encoder, decoder, cross attention; the experts of a mixture.
    case nextKind, toggleExperts
    case focus(Int), toggle(Panel), nextPreset, zoomPanel
    case zoomMap(Int), wholeMap, centreMap, panMap(rows: Int, columns: Int)
    case togglePooling, toggleMaskOverlay, nextScale, toggleSinks, nextColourMap
    case why, maskPage(Int), nextBlock, promptForRule, promptForComparison
    case openMenu, plainScenario, exactRun
    case sortHeads, selectHead(layers: Int, heads: Int), takeHead
    case selectLoss(Int), goToLoss
    case scrollRotation(Int), nextRotationMode, subspace(Int)
    case nextDistanceMode, toggleLossAxis, measureLosses
    case parameter(Int), parameterValue(Int)
    case showHelp, close, quit, suspend
    /// In the method menu.
    case menuEntry(Int), menuParameter(Int), menuValue(Int), menuChoose, menuFilter, menuCompare
    case scrollHelp(Int)
}
