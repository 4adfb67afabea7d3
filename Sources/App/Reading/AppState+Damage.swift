import RopewalkModels
import RopewalkViews

extension AppState {
    /// Looks whether a part of the recording, or of the maps, that is on the screen could not be read when it was asked for, and
    /// says it once by the name of the file; whether there is anything new.
    ///
    /// Numbers of files are read long after these were opened: by the frame that shows them, and by work in the background.
    mutating func noteDamage() -> Bool {
        let model = sources.model.value
        let failure = (model?.stored?.failure ?? model?.given?.failure)?.description
        guard failure != runs.damage else { return false }
        runs.damage = failure
        if let failure { notice = Notice(.error, failure, isRefusal: true) }
        return true
    }
}
