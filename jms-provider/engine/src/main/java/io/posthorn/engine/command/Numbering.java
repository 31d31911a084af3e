package io.posthorn.engine.command;

import io.posthorn.wire.frame.ClientFrame;

/** Makes the frame that goes out from a command's template: with its number, alias and generation of the moment. */
final class Numbering implements ClientFrame.Handler {

    private long number;
    private long alias;
    private long generation;
    private ClientFrame numbered;

    ClientFrame frame(Command command, long addressAlias) {
        number = command.number();
        alias = addressAlias;
        generation = command.generation() == null ? 0 : command.generation().number();
        command.template().dispatch(this);
        ClientFrame frame = numbered;
        numbered = null;
        return frame;
    }

    private static IllegalStateException notNumbered(ClientFrame frame) {
        return new IllegalStateException(frame.getClass().getSimpleName() + " is no command");
    }

    @Override
    public void onIdentify(ClientFrame.Identify frame) {
        numbered = new ClientFrame.Identify(number, frame.clientId());
    }

    @Override
    public void onClose(ClientFrame.Close frame) {
        numbered = new ClientFrame.Close(number);
    }

    @Override
    public void onOpenSession(ClientFrame.OpenSession frame) {
        numbered = new ClientFrame.OpenSession(number, frame.session());
    }

    @Override
    public void onCloseSession(ClientFrame.CloseSession frame) {
        numbered = new ClientFrame.CloseSession(number, frame.session(), frame.handed());
    }

    @Override
    public void onSend(ClientFrame.Send frame) {
        numbered = new ClientFrame.Send(
                number, frame.session(), frame.transacted(), frame.awaited(), alias, frame.envelope());
    }

    @Override
    public void onAttach(ClientFrame.Attach frame) {
        numbered = new ClientFrame.Attach(
                number, frame.session(), frame.consumer(), generation, frame.source(), frame.held());
    }

    @Override
    public void onDetach(ClientFrame.Detach frame) {
        numbered = new ClientFrame.Detach(number, frame.consumer(), frame.handed());
    }

    @Override
    public void onAcknowledge(ClientFrame.Acknowledge frame) {
        numbered = new ClientFrame.Acknowledge(
                number, frame.consumer(), frame.transacted(), frame.forced(), frame.entries());
    }

    @Override
    public void onRelease(ClientFrame.Release frame) {
        numbered = new ClientFrame.Release(number, frame.consumer(), generation, frame.handed());
    }

    @Override
    public void onReopen(ClientFrame.Reopen frame) {
        numbered = new ClientFrame.Reopen(number, frame.session());
    }

    @Override
    public void onCommit(ClientFrame.Commit frame) {
        numbered = new ClientFrame.Commit(number, frame.session());
    }

    @Override
    public void onRollback(ClientFrame.Rollback frame) {
        numbered = new ClientFrame.Rollback(number, frame.session());
    }

    @Override
    public void onCreateTemporary(ClientFrame.CreateTemporary frame) {
        numbered = new ClientFrame.CreateTemporary(number, frame.address());
    }

    @Override
    public void onDeleteTemporary(ClientFrame.DeleteTemporary frame) {
        numbered = new ClientFrame.DeleteTemporary(number, frame.address());
    }

    @Override
    public void onUnsubscribe(ClientFrame.Unsubscribe frame) {
        numbered = new ClientFrame.Unsubscribe(number, frame.name());
    }

    @Override
    public void onXaStart(ClientFrame.XaStart frame) {
        numbered = new ClientFrame.XaStart(number, frame.session(), frame.branch(), frame.flags());
    }

    @Override
    public void onXaEnd(ClientFrame.XaEnd frame) {
        numbered = new ClientFrame.XaEnd(number, frame.session(), frame.branch(), frame.flags());
    }

    @Override
    public void onXaPrepare(ClientFrame.XaPrepare frame) {
        numbered = new ClientFrame.XaPrepare(number, frame.branch());
    }

    @Override
    public void onXaCommit(ClientFrame.XaCommit frame) {
        numbered = new ClientFrame.XaCommit(number, frame.branch(), frame.onePhase());
    }

    @Override
    public void onXaRollback(ClientFrame.XaRollback frame) {
        numbered = new ClientFrame.XaRollback(number, frame.branch());
    }

    @Override
    public void onXaForget(ClientFrame.XaForget frame) {
        numbered = new ClientFrame.XaForget(number, frame.branch());
    }

    @Override
    public void onXaTimeout(ClientFrame.XaTimeout frame) {
        numbered = new ClientFrame.XaTimeout(number, frame.session(), frame.seconds());
    }

    @Override
    public void onConnect(ClientFrame.Connect frame) {
        throw notNumbered(frame);
    }

    @Override
    public void onHeartbeat(ClientFrame.Heartbeat frame) {
        throw notNumbered(frame);
    }

    @Override
    public void onDeclareAddress(ClientFrame.DeclareAddress frame) {
        throw notNumbered(frame);
    }

    @Override
    public void onUploadPiece(ClientFrame.UploadPiece frame) {
        throw notNumbered(frame);
    }

    @Override
    public void onDropUpload(ClientFrame.DropUpload frame) {
        throw notNumbered(frame);
    }

    @Override
    public void onFetchPiece(ClientFrame.FetchPiece frame) {
        throw notNumbered(frame);
    }

    @Override
    public void onRepeated(ClientFrame.Repeated frame) {
        throw notNumbered(frame);
    }

    @Override
    public void onCredit(ClientFrame.Credit frame) {
        throw notNumbered(frame);
    }

    @Override
    public void onDrain(ClientFrame.Drain frame) {
        throw notNumbered(frame);
    }

    @Override
    public void onXaRecover(ClientFrame.XaRecover frame) {
        throw notNumbered(frame);
    }
}
